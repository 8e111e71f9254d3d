"""The smallest Flask application: what every other figure is compared with."""

from flask import Flask

app = Flask(__name__, static_folder=None)


@app.get("/")
def hello() -> str:
    return "hello"
