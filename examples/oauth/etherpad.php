<?php

// A client of an Etherpad that asks for OAuth tokens, as Etherpad does by default since version 2.
// usage: ETHERPAD_URL=http://127.0.0.1:9001 OAUTH_CLIENT=mock-etherpad OAUTH_SECRET=mock-etherpad-secret php etherpad.php

declare(strict_types=1);

final class Etherpad
{
    private ?string $token = null;

    public function __construct(
        private readonly string $url,
        private readonly string $client,
        private readonly string $secret,
    ) {
    }

    /** Sends a form; returns the HTTP status and what the JSON of the answer says. */
    private function post(string $path, array $fields, array $headers = []): array
    {
        $answer = file_get_contents($this->url . $path, false, stream_context_create(['http' => [
            'method' => 'POST',
            'header' => ['Content-Type: application/x-www-form-urlencoded', ...$headers],
            'content' => http_build_query($fields),
            'ignore_errors' => true,
            'timeout' => 30,
        ]]));
        $status = (int) explode(' ', $http_response_header[0])[1];
        return [$status, json_decode($answer, true, 512, JSON_THROW_ON_ERROR)];
    }

    private function getToken(): string
    {
        [$status, $answer] = $this->post('/oidc/token', [
            'grant_type' => 'client_credentials',
            'client_id' => $this->client,
            'client_secret' => $this->secret,
            'resource' => $this->url, // Etherpad refuses a request without one; any absolute URI will do
        ]);
        if ($status !== 200) {
            throw new RuntimeException("Etherpad gives no token: {$answer['error_description']}");
        }
        return $answer['access_token'];
    }

    /** When the token is not taken any more, a new one is: it has expired, or Etherpad was started again. */
    public function call(string $function, array $fields): ?array
    {
        foreach ([$this->token === null, true] as $isLast) {
            $this->token ??= $this->getToken();
            [$status, $envelope] = $this->post("/api/1.2.15/{$function}", $fields, ["Authorization: Bearer {$this->token}"]);
            if ($envelope['code'] === 0) {
                return $envelope['data'];
            }
            if ($status !== 401 || $isLast) {
                throw new RuntimeException("Etherpad refuses {$function}: {$envelope['message']}");
            }
            $this->token = null;
        }
    }
}

$etherpad = new Etherpad(
    getenv('ETHERPAD_URL') ?: 'http://127.0.0.1:9001',
    getenv('OAUTH_CLIENT') ?: 'mock-etherpad',
    getenv('OAUTH_SECRET') ?: 'mock-etherpad-secret',
);
$group = $etherpad->call('createGroupIfNotExistsFor', ['groupMapper' => 'class-7b']);
$author = $etherpad->call('createAuthorIfNotExistsFor', ['authorMapper' => 'user-42', 'name' => 'Ada']);
$session = $etherpad->call('createSession', $group + $author + ['validUntil' => time() + 3600]);
echo "opened {$session['sessionID']}\n";
