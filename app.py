"""`app` for gunicorn and `flask --app app`; run as a program it is the whole demo in one process:
web server, worker, local mailbox and card sandbox, on SQLite."""

from onboarding import create_app

if __name__ == "__main__":
    from onboarding.sandbox.serving import serve

    serve()
else:
    app = create_app()
