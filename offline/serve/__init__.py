"""The offline cloud kept up: mail comes in by SMTP, its state is a page in a browser."""
