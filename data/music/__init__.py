"""Dance music made from nothing: a seeded synthesiser with exact beat times."""

from data.music.demo import demo_beat_times, demo_song, render_demo
from data.music.score import Section
from data.music.styles import STYLES, style_for_genre
from data.music.synthesiser import RenderedSong, synthesise
from data.music.tempo import TempoMap

__all__ = [
    "STYLES",
    "RenderedSong",
    "Section",
    "TempoMap",
    "demo_beat_times",
    "demo_song",
    "render_demo",
    "style_for_genre",
    "synthesise",
]
