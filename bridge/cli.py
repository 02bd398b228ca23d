"""The command `transflower`: everything a performer types."""

import sys
from collections.abc import Sequence
from typing import Final

from bridge.commands.show import with_show
from bridge.sources.portaudio import SoundUnavailableError
from data.commands.command_line import output_is_left, print_version, reader_may_leave
from data.commands.command_table import Command, CommandTable
from data.commands.logs import LOG_HINTS, tell_of_error, without_log_options
from data.commands.printable import printable

COMMANDS: Final = CommandTable(
    program="transflower",
    description="a dancer for the music in the room",
    groups={
        "To perform": {
            "perform": Command("bridge.commands.perform:Perform", "dance to a microphone, to this machine, to a song"),
            "demo": Command("bridge.commands.perform:Demo", "dance to a song of its own, until Ctrl-C"),
            "doctor": Command("bridge.commands.checks:Doctor", "is this machine ready for a show?"),
            "devices": Command("bridge.commands.checks:Devices", "the sound inputs and outputs of this machine"),
            "monitor": Command("bridge.commands.checks:Monitor", "watch what an avatar would receive"),
            "takes": Command("bridge.commands.takes:Takes", "the performances that were kept"),
            "replay": Command("bridge.commands.takes:Replay", "show one of them again, on the page and to avatars"),
        },
        "To animate": {
            "generate": Command("bridge.commands.generate:Generate", "songs into dances, as .bvh, .npz or .csv"),
            "export": Command("bridge.commands.takes:Export", "a take as .bvh, .npz or .csv"),
            "render": Command("bridge.commands.render:Render", "a film, a looping picture or a contact sheet"),
            "plot": Command("bridge.commands.plot:Plot", "what was heard, danced and asked for, over time"),
        },
        "To study": {
            "dancer": Command("bridge.commands.dancer:AboutDancer", "what a dancer is, and which styles it knows"),
            "redance": Command("bridge.commands.takes:Redance", "let a take be danced again, bit for bit"),
            "bench": Command("bridge.commands.checks:Bench", "measure this machine, and how it dances here"),
            "export-model": Command("bridge.commands.export_model:ExportModel", "a dancer's step as an .onnx file"),
        },
    },
    hints=("To make dancers: transflower-data --help, transflower-train --help", *LOG_HINTS),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: parses, runs, and turns errors of use into one line and exit code 2."""
    with reader_may_leave():
        _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> None:
    if print_version("transflower", arguments):
        return
    try:
        command = COMMANDS.parse(without_log_options(with_show(arguments)))
        command.run()
    except KeyboardInterrupt:
        sys.exit(130)
    except (ValueError, OSError, SoundUnavailableError) as error:
        if isinstance(error, BrokenPipeError) and output_is_left():
            raise
        tell_of_error()
        print(printable(f"transflower: {error}"), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
