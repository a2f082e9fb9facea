<?php

declare(strict_types=1);

/** Controls a sandbox of the mock at ETHERPAD_URL from a test. /_mock/openapi.json describes the operations. */
final class MockEtherpad
{
    public readonly string $url;
    public readonly string $apiKey;

    public function __construct(private readonly string $name)
    {
        $server = getenv('ETHERPAD_URL') ?: 'http://127.0.0.1:9001';
        $this->url = "{$server}/sandbox/{$name}";
        $this->apiKey = $this->control('GET', 'info')['apiKey'];
    }

    /** Runs an operation. Throws an exception with the reason if it fails. */
    public function control(string $method, string $path, ?array $body = null): mixed
    {
        $curl = curl_init("{$this->url}/_mock/{$path}");
        curl_setopt_array($curl, [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
        if ($body !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body, JSON_THROW_ON_ERROR));
            curl_setopt($curl, CURLOPT_HTTPHEADER, ['Content-Type: application/json']);
        }
        $answer = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        if ($answer === false || $status >= 300) {
            throw new RuntimeException("{$method} {$path} answers {$status}: " . ($answer === false ? curl_error($curl) : $answer));
        }
        return json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
    }

    public function delete(): void
    {
        $this->control('DELETE', "sandboxes/{$this->name}");
    }
}
