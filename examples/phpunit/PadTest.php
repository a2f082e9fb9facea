<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/MockEtherpad.php';

/** Tests of an application that fetches the minutes of a lesson, as the pupil who may read them. */
final class PadTest extends TestCase
{
    private MockEtherpad $etherpad;

    protected function setUp(): void
    {
        $this->etherpad = new MockEtherpad('php-' . bin2hex(random_bytes(8)));
    }

    protected function tearDown(): void
    {
        $this->etherpad->delete();
    }

    /** What the application does: the session goes into the cookie sessionID, and Etherpad decides by it. */
    private function fetchMinutes(string $padID, string $sessionID): array
    {
        $curl = curl_init("{$this->etherpad->url}/p/{$padID}/export/txt");
        curl_setopt_array($curl, [CURLOPT_COOKIE => "sessionID={$sessionID}", CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
        $text = curl_exec($curl);
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text];
    }

    public function testMinutesCanBeReadUntilTheLessonIsOver(): void
    {
        $this->etherpad->control('PUT', 'state', [
            'groups' => [['groupID' => 'g.class7b']],
            'authors' => [['authorID' => 'a.ada', 'name' => 'Ada']],
            'sessions' => [['sessionID' => 's.lesson', 'groupID' => 'g.class7b', 'authorID' => 'a.ada', 'validUntil' => 1999999999]],
            'pads' => [['padID' => 'g.class7b$minutes', 'text' => "Today: the engine\n"]],
        ]);
        self::assertSame([200, "Today: the engine\n"], $this->fetchMinutes('g.class7b$minutes', 's.lesson'));

        $this->etherpad->control('POST', 'clock/advance', ['pastExpiryOf' => 's.lesson']);
        self::assertSame([403, "403 - Can't touch this"], $this->fetchMinutes('g.class7b$minutes', 's.lesson'));

        $verdict = $this->etherpad->control('POST', 'requests/verify', [
            'function' => 'export',
            'access' => ['granted' => true, 'authorID' => 'a.ada'],
            'times' => 1,
        ]);
        self::assertTrue($verdict['ok'], $verdict['message']);
    }
}
