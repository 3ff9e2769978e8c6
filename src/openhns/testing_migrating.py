"""Lets tests make an installation's tables without the wait.

For each new table, index and constraint Django renders anew every model that is related to its
model, however remotely: of the two seconds that the migrations take from nothing, more than one. No
model changes by a new one that refers to it, nor by another's index, so that rendering the one is
enough. What the tables are in the end is the same, and a test compares it on SQLite.
"""

from typing import Any

from django.db.migrations.state import ModelState, ProjectState


def render_changed_models_alone() -> None:
    """Let migrations in this process, and in what it forks, leave models that stay as they are."""
    ProjectState.add_model = _add_model  # type: ignore[method-assign, assignment]
    ProjectState._append_option = _append_option  # type: ignore[attr-defined] # noqa: SLF001


def _add_model(state: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if vars(state)["_relations"] is not None:
        state.resolve_model_relations(key)
    if "apps" in vars(state):
        state.apps.render_multiple([model_state])


def _append_option(state: ProjectState, app: str, name: str, option: str, added: Any) -> None:
    model_state = state.models[app, name]
    model_state.options[option] = [*model_state.options[option], added]
    if "apps" in vars(state):
        with state.apps.bulk_update():
            state.apps.unregister_model(app, name)
        state.apps.render_multiple([model_state])
