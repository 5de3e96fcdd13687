"""Every bar we promise, whether or not its measurement is written yet, in our own few words."""

PROMISED = {
    "B1": "memory of the resident agent beside a watcher that people run today",
    "B2": "wake-ups and CPU of the agent, idle and while somebody types",
    "B3": "time of the matcher at 20,000 terms beside the known engines",
    "B4": "recall of normaliser and matcher under disguised spellings, and their cost",
    "B5": "time of the gate beside an ordinary ONNX text classifier",
    "B6": "cost of gate and transformer together beside the transformer alone",
    "B7": "CPU from flag to sealed event, and the delay a key press feels",
    "B8": "durable ingest a core-second beside bare batched inserts",
    "B9": "buffers of a claim at any queue length, and claims through HTTP beside a labelling tool",
    "B10": "delay and completeness of the live feed with 500 sockets",
    "B11": "memory of an idle device's socket with 10,000 of them",
    "B12": "last key press to the moderator's screen, beyond the passage's own closing pause",
}
