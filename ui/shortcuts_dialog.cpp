#include "ui/shortcuts_dialog.h"

#include <QGridLayout>
#include <QStringList>

#include "ui/actions.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

struct Line {
    QString keys;
    QString text;
};

/// Keys that widgets know by themselves.
std::vector<Line> timelineKeys() {
    using D = ShortcutsDialog;
    return {{D::tr("Left, Right"), D::tr("On the timeline: one kept step back, forward")},
            {D::tr("Shift+Left, Shift+Right"), D::tr("On the timeline: ten kept steps")},
            {D::tr("Home, End"), D::tr("On the timeline: first step, newest step")},
            {D::tr("Enter"), D::tr("Press the button, edit the token that has the focus")},
            {D::tr("Escape"), D::tr("Leave what is being typed; back from one head to all")}};
}

QString keysOf(const QAction* action) {
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

}  // namespace

ShortcutsDialog::ShortcutsDialog(const Actions& actions, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keyboard shortcuts"));
    const Theme& theme = Theme::instance();
    auto* grid = new QGridLayout(this);
    grid->setHorizontalSpacing(theme.px(24));
    grid->setVerticalSpacing(theme.px(4));
    grid->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    int row = 0;
    const auto addLine = [&](const Line& line) {
        grid->addWidget(new ThemedLabel(line.keys, TextSize::text, Role::text, true), row, 0);
        grid->addWidget(new ThemedLabel(line.text), row++, 1);
    };
    QString group;
    for (const QAction* action : actions.all()) {
        if (action->shortcuts().isEmpty()) continue;
        if (Actions::groupOf(action) != group) {
            group = Actions::groupOf(action);
            if (row > 0) grid->setRowMinimumHeight(row++, theme.px(6));
            grid->addWidget(new ThemedLabel(group, TextSize::caption, Role::muted), row++, 0, 1, 2);
        }
        QString text = action->text();
        addLine({keysOf(action), text.remove(QLatin1Char('&'))});
    }
    grid->setRowMinimumHeight(row++, theme.px(6));
    grid->addWidget(new ThemedLabel(tr("Where the focus is"), TextSize::caption, Role::muted), row++, 0, 1, 2);
    for (const Line& line : timelineKeys()) addLine(line);

    auto* close = new Button(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QAbstractButton::clicked, this, &QDialog::accept);
    grid->addWidget(close, row, 1, Qt::AlignRight);
    grid->setRowMinimumHeight(row, theme.px(36));
}

}  // namespace lab
