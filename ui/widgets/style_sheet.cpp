#include "ui/widgets/style_sheet.h"

#include <QRegularExpression>

#include "ui/widgets/theme.h"

namespace lab {
namespace {

struct NamedRole {
    const char* name;
    Role role;
};

constexpr NamedRole namedRoles[] = {
    {"window", Role::window},       {"panel", Role::panel},       {"screen", Role::screen}, {"control", Role::control},
    {"hover", Role::hover},         {"hairline", Role::hairline}, {"text", Role::text},     {"border", Role::controlBorder},
    {"selection", Role::selection}, {"muted", Role::muted},       {"accent", Role::accent}, {"track", Role::track},
};

// $name is a colour, #N a measure in logical px at 100 %.
const char* const sheetTemplate = R"(
QToolTip { background: $panel; color: $text; border: 1px solid $border; padding: #4px #8px; }
QMenu { background: $panel; border: 1px solid $border; padding: #4px 0; }
QMenu::item { padding: #4px #24px #4px #16px; min-height: #16px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $border; }
QMenu::separator { height: 1px; background: $hairline; margin: #4px 0; }
QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: #12px; }
QScrollBar:horizontal { height: #12px; }
QScrollBar::handle { background: $border; border: #3px solid $panel; border-radius: #5px; }
QScrollBar::handle:hover { background: $text; }
QScrollBar::handle:vertical { min-height: #24px; }
QScrollBar::handle:horizontal { min-width: #24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: $panel; }
QSlider::groove:horizontal { height: #4px; background: $track; border-radius: #2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: #2px; }
QSlider::handle:horizontal { width: #8px; margin: -#5px 0; background: $control; border: 1px solid $text; border-radius: #2px; }
QSlider::handle:horizontal:hover { background: $hover; }
QHeaderView { background: $screen; }
QHeaderView::section { background: $screen; color: $muted; border: 0; border-bottom: 1px solid $hairline; padding: 0 #6px; font-size: #11px; }
QTableView, QTreeView, QListView { background: $screen; border: 0; gridline-color: $hairline; }
QSplitter::handle { background: transparent; }
)";

}  // namespace

QString styleSheet(const Theme& theme) {
    QString sheet = QString::fromLatin1(sheetTemplate);
    for (const NamedRole& named : namedRoles) sheet.replace(QLatin1Char('$') + QLatin1String(named.name), theme.color(named.role).name());
    static const QRegularExpression measure(QStringLiteral("#(\\d+)px"));
    for (auto match = measure.match(sheet); match.hasMatch(); match = measure.match(sheet))
        sheet.replace(match.capturedStart(), match.capturedLength(),
                      QString::number(theme.px(match.captured(1).toInt())) + QLatin1String("px"));
    return sheet;
}

}  // namespace lab
