"""Where an installation on one machine keeps its state: the folder `.shequ`, or SHEQU_HOME."""

import base64
import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from services.cli.speech import CannotGoOn
from shared.kernel.text import Text

PROJECT = Path(__file__).resolve().parents[2]
USUAL_GATEWAY_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Home:
    """The folders of one installation; made when first needed, readable by their owner only."""

    folder: Path

    @classmethod
    def find(cls) -> "Home":
        """The folder named by SHEQU_HOME, else `.shequ` in the project."""
        return cls(Path(os.environ.get("SHEQU_HOME") or PROJECT / ".shequ").absolute())

    @property
    def data(self) -> Path:
        """PostgreSQL's files, and uploaded files."""
        return self.folder / "data"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's data directory."""
        return self.data / "postgres"

    @property
    def files(self) -> Path:
        """Uploaded files."""
        return self.data / "files"

    @property
    def address(self) -> Path:
        """Holds the gateway's URL while `up` runs."""
        return self.folder / "gateway-url"

    def gateway_url(self) -> str:
        """Where this home's gateway is reached: as its running `up` says, else the usual port."""
        try:
            return self.address.read_text() or USUAL_GATEWAY_URL
        except OSError:
            return USUAL_GATEWAY_URL

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.folder / "logs"

    def prepare(self) -> None:
        """Make the folders. Raises CannotGoOn when they cannot be written."""
        try:
            for path in (self.folder, self.data, self.files, self.logs):
                path.mkdir(parents=True, exist_ok=True)
            probe = self.data / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CannotGoOn(
                Text(
                    zh=f"无法写入文件夹 {self.folder}（{error.strerror}）。"
                    "请检查权限和剩余空间，或用环境变量 SHEQU_HOME 指定另一个文件夹。",
                    en=f"The folder {self.folder} cannot be written ({error.strerror}). Check its "
                    "permissions and the free space, or name another one in SHEQU_HOME.",
                )
            ) from None

    def lock(self) -> int:
        """Hold this home for one running `up`. Raises CannotGoOn when another holds it.

        The lock ends with the process, however it ends.
        """
        handle = os.open(self.folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise CannotGoOn(
                Text(
                    zh=f"在 {self.folder} 中已有一个 `./shequ up` 在运行。"
                    "请先在那个终端按 Ctrl-C 停止它。",
                    en=f"Another `./shequ up` is running in {self.folder}. Stop it first with "
                    "Ctrl-C in its terminal.",
                )
            ) from None
        return handle

    def secrets(self) -> dict[str, str]:
        """The installation's own secrets, made once at random, readable by their owner only."""
        path = self.data / "secrets.json"
        if path.exists():
            found: dict[str, str] = json.loads(path.read_text())
            return found
        made = {
            "personal_data_keys": f"1:{_key()}",
            "lookup_key": _key(),
            "signing_key_secret": _key(),
        }
        write_private(path, json.dumps(made, indent=1))
        return made


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read, all or nothing."""
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
