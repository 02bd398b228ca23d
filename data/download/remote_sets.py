"""The data sets that `transflower-data download` knows: where they lie, under which licence, what they are for.

Where the addresses come from:

- AIST++: the buttons of its download page, google/aistplusplus_dataset/download.html (2021-07-27, still so when the
  repository was archived), which state the sizes too. They lead to storage.cloud.google.com, which wants a Google
  account; storage.googleapis.com serves the same public objects to everyone. The splits and the list of bad sequences
  come with the full set alone.
- AIST's music: the readmes of several public works on AIST++, which name this one address; its terms: the same page.
- The original project: the readme of guillefix/transflower-lightning (models, scalers, seeds) and
  data/scripts/copy_from_gs.sh of MetaGenAI/multimodal-transflower (dance_combined3).
"""

from dataclasses import dataclass
from typing import Final

GOOGLE_STORAGE: Final = "https://storage.googleapis.com"
AIST_SERVER: Final = "https://aistdancedb.ongaaccel.jp"


@dataclass(frozen=True, kw_only=True)
class RemoteSet:
    """One data set.

    Attributes:
        name: what people type.
        purpose: what it holds and what that is good for.
        licence: its licence, or that none is stated.
        size: about how large, as its publishers say; the server is asked before anything is fetched.
        endpoint: the server.
        files: paths on the server, for sets of known files; the archives among them are unpacked.
        bucket: for sets that are listed: the bucket of Google Cloud Storage, ...
        prefixes: ... and how the names of its files begin.
        attribution: whom to name.
        terms_url: terms that must be accepted first, if there are any.
        advice: what to do next.
    """

    name: str
    purpose: str
    licence: str
    size: str = "not stated"
    endpoint: str = GOOGLE_STORAGE
    files: tuple[str, ...] = ()
    bucket: str = ""
    prefixes: tuple[str, ...] = ()
    attribution: str = ""
    terms_url: str = ""
    advice: str = ""


CC_BY: Final = "CC BY 4.0, Google LLC"
AISTPP_AUTHORS: Final = (
    "AIST++ (Li, Yang, Ross, Kanazawa: AI Choreographer, ICCV 2021), after the AIST Dance Video Database (Tsuchida, "
    "Fukayama, Hamasaki, Goto, ISMIR 2019)"
)
AISTPP_ADVICE: Final = (
    "The motions are Python pickles, which can run anything when they are loaded. Nothing was loaded here. "
    "transflower-data prepare takes the unpacked folder and reads them as data."
)
ORIGINAL_LICENCE: Final = "none stated; the project's code is MIT"
ORIGINAL_ADVICE: Final = (
    "Files ending in .ckpt, .sav and .pkl are Python pickles, which can run anything when they are loaded. Nothing was "
    "loaded here."
)

SETS: Final = (
    RemoteSet(
        name="aistpp",
        purpose="AIST++, all of it: 1408 dances as SMPL motion, keypoints in 2D and 3D, cameras, splits, ignore list",
        licence=CC_BY,
        size="2.3 GB",
        files=("aist_plusplus_public/20210308/fullset.zip",),
        attribution=AISTPP_AUTHORS,
        advice=AISTPP_ADVICE,
    ),
    RemoteSet(
        name="aistpp-motions",
        purpose="AIST++, the SMPL motion alone: enough to train, without splits and ignore list",
        licence=CC_BY,
        size="306 MB",
        files=("aist_plusplus_public/20210308/motions.zip",),
        attribution=AISTPP_AUTHORS,
        advice=AISTPP_ADVICE,
    ),
    RemoteSet(
        name="aistpp-keypoints3d",
        purpose="AIST++, the 3D keypoints alone: to measure against",
        licence=CC_BY,
        size="834 MB",
        files=("aist_plusplus_public/20210308/keypoints3d.zip",),
        attribution=AISTPP_AUTHORS,
        advice=AISTPP_ADVICE,
    ),
    RemoteSet(
        name="aist-music",
        purpose="the 60 pieces that AIST++ is danced to, as WAV",
        licence="AIST's terms of use; not to be passed on",
        endpoint=AIST_SERVER,
        files=("v1.0.0/audio/wav.zip",),
        attribution="AIST Dance Video Database (Tsuchida, Fukayama, Hamasaki, Goto, ISMIR 2019)",
        terms_url=f"{AIST_SERVER}/terms_of_use/",
        advice="Unpack it beside the motions, or name its folder to transflower-data prepare.",
    ),
    RemoteSet(
        name="original-models",
        purpose="the original Transflower: two trained models, to compare with",
        licence=ORIGINAL_LICENCE,
        bucket="metagen",
        prefixes=("models/transflower_expmap_old/", "models/transflower_expmap_finetune2_old/"),
        advice=ORIGINAL_ADVICE,
    ),
    RemoteSet(
        name="original-scalers",
        purpose="the original Transflower: scalers of its features",
        licence=ORIGINAL_LICENCE,
        bucket="metagen",
        prefixes=("scalers/",),
        advice=ORIGINAL_ADVICE,
    ),
    RemoteSet(
        name="original-seeds",
        purpose="the original Transflower: six motions from which its dances begin",
        licence=ORIGINAL_LICENCE,
        bucket="metagen",
        prefixes=("seeds/",),
        advice=ORIGINAL_ADVICE,
    ),
    RemoteSet(
        name="original-dances",
        purpose="the original Transflower: the features it was trained on, 14 hours at 20 frames a second",
        licence=ORIGINAL_LICENCE,
        bucket="metagen",
        prefixes=("data/dance_combined3/",),
        advice=ORIGINAL_ADVICE,
    ),
)


def find_set(name: str) -> RemoteSet:
    """The data set of a name.

    Raises:
        ValueError: there is none, with all names.
    """
    for remote_set in SETS:
        if remote_set.name == name:
            return remote_set
    raise ValueError(f"no data set is named {name!r}; there are {', '.join(known.name for known in SETS)}")
