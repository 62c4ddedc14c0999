"""What the processes are configured with, read before they start."""

from pydantic import AliasChoices, ValidationError
from pydantic_settings import BaseSettings, SettingsError

from services.cli.speech import CannotGoOn
from services.committee.settings import Settings as Committee
from services.gateway.settings import Settings as Gateway
from services.workstation.settings import Settings as Workstation
from shared.kernel.text import Text

SETTINGS: dict[str, type[BaseSettings]] = {
    "gateway": Gateway,
    "workstation": Workstation,
    "committee": Committee,
}


def check_settings(*services: str) -> None:
    """Raises CannotGoOn naming each environment variable of the services that is missing or
    faulty; values are not repeated, they may be secret."""
    faults = [fault for service in services for fault in _faults(SETTINGS[service])]
    if faults:
        told = "\n".join(f"  {fault}" for fault in dict.fromkeys(faults))
        raise CannotGoOn(
            Text(
                zh=f"以下环境变量缺失或有误，请设置后重试：\n{told}",
                en=f"Set or mend these environment variables and try again:\n{told}",
            )
        )


def _faults(settings: type[BaseSettings]) -> list[str]:
    try:
        settings()
    except SettingsError as error:
        return [str(error)]
    except ValidationError as error:
        return [
            f"{_variable(settings, str(found['loc'][0]))}: {found['msg']}"
            for found in error.errors(include_input=False, include_url=False)
        ]
    return []


def _variable(settings: type[BaseSettings], name: str) -> str:
    field = settings.model_fields.get(name)
    if field is not None and isinstance(field.validation_alias, AliasChoices):
        return str(field.validation_alias.choices[-1])
    return f"{settings.model_config['env_prefix']}{name}".upper()
