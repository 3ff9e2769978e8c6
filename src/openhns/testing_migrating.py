"""Lets tests make an installation's tables without the wait.

For each new table Django renders anew every model that is related to it, however remotely: of the
two seconds that the migrations take from nothing, more than one. No model changes by a new one that
refers to it, so that rendering the new one is enough. What the tables are in the end is the same,
and a test compares it on SQLite.
"""

from django.db.migrations.state import ModelState, ProjectState


def render_new_models_alone() -> None:
    """Let migrations in this process, and in what it forks, leave models that stay as they are."""
    ProjectState.add_model = _add_model  # type: ignore[method-assign, assignment]


def _add_model(state: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if vars(state)["_relations"] is not None:
        state.resolve_model_relations(key)
    if "apps" in vars(state):
        state.apps.render_multiple([model_state])
