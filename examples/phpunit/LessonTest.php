<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/MockEtherpad.php';

/** Tests of a small client of Etherpad, which is part of the application that is tested. */
final class LessonTest extends TestCase
{
    private const LESSON_BEGINS = '2030-01-01T08:00:00Z';
    private const LESSON_ENDS = 1893487500; // 08:45

    private MockEtherpad $etherpad;

    protected function setUp(): void
    {
        $this->etherpad = new MockEtherpad('php-' . bin2hex(random_bytes(8)));
    }

    protected function tearDown(): void
    {
        $this->etherpad->delete();
    }

    private function call(string $function, array $parameters): ?array
    {
        $curl = curl_init("{$this->etherpad->url}/api/1.2.15/{$function}");
        curl_setopt_array($curl, [
            CURLOPT_POSTFIELDS => http_build_query(['apikey' => $this->etherpad->apiKey] + $parameters),
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 30,
        ]);
        $answer = curl_exec($curl);
        if ($answer === false || !str_starts_with((string) curl_getinfo($curl, CURLINFO_CONTENT_TYPE), 'application/json')) {
            throw new RuntimeException('Etherpad is down');
        }
        $envelope = json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
        if ($envelope['code'] !== 0) {
            throw new InvalidArgumentException($envelope['message']);
        }
        return $envelope['data'];
    }

    private function openLesson(): array
    {
        $group = $this->call('createGroupIfNotExistsFor', ['groupMapper' => '7b']);
        $author = $this->call('createAuthorIfNotExistsFor', ['authorMapper' => 'ada']);
        return $this->call('createSession', $group + $author + ['validUntil' => self::LESSON_ENDS]);
    }

    public function testALessonOpensOneSession(): void
    {
        $this->openLesson();
        $verdict = $this->etherpad->control('POST', 'requests/verify', ['function' => 'createSession', 'times' => 1]);
        self::assertTrue($verdict['ok'], $verdict['message']);
    }

    public function testALessonEndsWhenItIsOverAndNobodyWaitsForIt(): void
    {
        $this->etherpad->control('PUT', 'clock', ['now' => self::LESSON_BEGINS, 'frozen' => true]);
        $session = $this->openLesson();
        self::assertSame(self::LESSON_ENDS, $this->call('getSessionInfo', $session)['validUntil']);
        $this->etherpad->control('POST', 'clock/advance', ['pastExpiryOf' => $session['sessionID']]);
        $this->expectExceptionMessage('sessionID does not exist');
        $this->call('getSessionInfo', $session);
    }

    public function testALessonTellsWhenEtherpadIsDown(): void
    {
        $this->etherpad->control('POST', 'faults', ['kind' => 'drop', 'function' => 'createSession']);
        $this->expectExceptionMessage('Etherpad is down');
        $this->openLesson();
    }
}
