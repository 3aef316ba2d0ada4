/** A certificate that nobody signed but itself, for servers on this machine whose certificate must not be accepted. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUJqdwys9u/AGpGDJmbfTEK+VquGAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzExMzkzNVoYDzIxMjYxMTAz
MTEzOTM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASqROVZ6d6ghPkUV9fDLDIMh4kD16ffZcVfife9aiwDKylKqafE2Vnh
SEvVsvfPpVdvyl2ZtYF37Mfo0fZLDkW1o1MwUTAdBgNVHQ4EFgQUroROfJ1auJwV
b2a4tUsM+NqC3xcwHwYDVR0jBBgwFoAUroROfJ1auJwVb2a4tUsM+NqC3xcwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA1cEFX2GeQ/lwfqaTqQ+F
3PwIllF1xaYDqewEjjZndMYCIDyObMR2hPn4UFZSzvvTwkfKzO1YXnfbyWzm2Y7P
Mmoi
-----END CERTIFICATE-----`;

/** Its key, which opens nothing. */
export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfwIwnT6DnKtzKW+n
40TyOqvHy/o8kEqIGBwFl37tKA+hRANCAASqROVZ6d6ghPkUV9fDLDIMh4kD16ff
ZcVfife9aiwDKylKqafE2VnhSEvVsvfPpVdvyl2ZtYF37Mfo0fZLDkW1
-----END PRIVATE KEY-----`;
