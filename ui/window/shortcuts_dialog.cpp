#include "ui/window/shortcuts_dialog.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScreen>
#include <QScrollArea>
#include <QStringList>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/window/actions.h"

namespace lab {
namespace {

constexpr double shortcutsDialogShareOfScreen = 0.9;

QString keysOf(const QAction& action) {
    QStringList keys;
    for (const QKeySequence& key : action.shortcuts()) keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

void addGroup(QGridLayout& grid, const KeyGroup& group) {
    const Theme& theme = Theme::instance();
    int row = grid.rowCount();
    if (row > 1) grid.setRowMinimumHeight(row++, theme.px(8));
    grid.addWidget(new ThemedLabel(group.title, TextSize::caption, Role::muted), row++, 0, 1, 2);
    for (const auto& [keys, what] : group.entries) {
        grid.addWidget(new ThemedLabel(keys, TextSize::text, Role::text, true), row, 0);
        grid.addWidget(new ThemedLabel(what), row++, 1);
    }
}

QGridLayout* makeColumn() {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(Theme::instance().px(24));
    grid->setVerticalSpacing(Theme::instance().px(4));
    return grid;
}

/// Groups in order; the second column begins where half of the lines are placed.
void deal(const std::vector<KeyGroup>& groups, QGridLayout& left, QGridLayout& right) {
    std::size_t lines = 0, placed = 0;
    for (const KeyGroup& group : groups) lines += group.entries.size() + 2;
    for (const KeyGroup& group : groups) {
        addGroup(2 * placed < lines ? left : right, group);
        placed += group.entries.size() + 2;
    }
}

}  // namespace

std::vector<KeyGroup> shortcutGroups(const Actions& actions) {
    std::vector<KeyGroup> groups;
    for (const QAction* action : actions.all())
        if (!action->shortcuts().isEmpty() && action->isVisible())
            addKeys(groups, Actions::groupOf(action), keysOf(*action), action->text());
    sortByGroup(groups);
    for (KeyGroup& group : keysOfParts()) groups.push_back(std::move(group));
    return groups;
}

ShortcutsDialog::ShortcutsDialog(const Actions& actions, QWidget* parent) : QDialog(parent) {
    const Theme& theme = Theme::instance();
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* content = new QWidget;
    auto* columns = new QHBoxLayout(content);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(theme.px(40));
    auto* left = makeColumn();
    auto* right = makeColumn();
    for (QGridLayout* column : {left, right}) columns->addLayout(column);
    columns->setAlignment(left, Qt::AlignTop);
    columns->setAlignment(right, Qt::AlignTop);
    deal(shortcutGroups(actions), *left, *right);

    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* close = named("shortcuts.dialog.close", new Button(tr("Close")));
    connect(close, &Button::clicked, this, &QDialog::accept);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    layout->addWidget(scroll, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
    // All of it where the screen has the room; else it scrolls.
    const QSize wanted = content->sizeHint() + QSize(theme.px(34), theme.px(64));
    resize(wanted.boundedTo(screen()->availableSize() * shortcutsDialogShareOfScreen));
}

}  // namespace lab
