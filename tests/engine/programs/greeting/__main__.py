"""A program that needs no provider; `end` says how it ends."""

import signal

import pulumi

config = pulumi.Config()
name = config.require("name")
pulumi.ComponentResource("greeting:index:Card", name)
pulumi.export("greeting", f"hello {name}")
pulumi.export("secret", config.get_secret("secret"))

match config.get("end"):
    case "raise":
        raise ValueError("the name is taken")
    case "wait":
        pulumi.log.info("waiting")
        signal.pause()
