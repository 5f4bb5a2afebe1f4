#include "ui/widgets/spacing.h"

#include <QLayout>

#include "ui/widgets/theme.h"

namespace lab {

void keepSpacing(QLayout* layout, int spacing) {
    followTheme(layout->parentWidget(), [=] { layout->setSpacing(Theme::instance().px(spacing)); });
}

void keepSpacing(QLayout* layout, const QMargins& margins, int spacing) {
    keepSpacing(layout, spacing);
    followTheme(layout->parentWidget(), [=] {
        const Theme& theme = Theme::instance();
        layout->setContentsMargins(theme.px(margins.left()), theme.px(margins.top()), theme.px(margins.right()),
                                   theme.px(margins.bottom()));
    });
}

}  // namespace lab
