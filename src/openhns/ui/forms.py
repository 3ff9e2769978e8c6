"""How forms are drawn: one label, one hint, the error beside its field."""

from django.forms.renderers import DjangoTemplates, TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms with this room's templates, and widgets with Django's."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    def get_template(self, template_name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as its base.
        if template_name.startswith("ui/"):
            return super().get_template(template_name)
        return _WIDGETS.get_template(template_name)


_WIDGETS = DjangoTemplates()
