#include "ui/window/command_palette.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/theme.h"
#include "ui/window/actions.h"

namespace lab {
namespace {

constexpr int paletteWidth = 520, paletteHeight = 360;  // logical px at 100 %

/// "Training: One step  (.)".
QString lineOf(const QAction& action) {
    QString text = action.text().remove(QLatin1Char('&'));
    const QString keys = action.shortcut().toString(QKeySequence::NativeText);
    if (!keys.isEmpty()) text += QStringLiteral("  (%1)").arg(keys);
    return QStringLiteral("%1: %2").arg(Actions::groupOf(&action), text);
}

bool holdsAll(const QString& line, const QStringList& words) {
    return std::ranges::all_of(words, [&line](const QString& word) { return line.contains(word, Qt::CaseInsensitive); });
}

}  // namespace

CommandPalette::CommandPalette(const Actions& actions, QWidget* parent)
    : QDialog(parent), m_actions(actions.all()), m_field(new QLineEdit), m_list(new QListWidget) {
    const Theme& theme = Theme::instance();
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(true);
    setWindowTitle(tr("Find a command"));
    m_field->setObjectName(QStringLiteral("palette.words"));
    m_field->setPlaceholderText(tr("Words of its name"));
    m_field->setAccessibleName(windowTitle());
    m_field->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("palette.commands"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_field);
    layout->addWidget(m_list, 1);
    resize(theme.px(paletteWidth), theme.px(paletteHeight));
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandPalette::doChosen);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::doChosen);
    fill({});
}

void CommandPalette::fill(const QString& words) {
    m_list->clear();
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (std::size_t i = 0; i < m_actions.size(); ++i) {
        const QString line = lineOf(*m_actions[i]);
        if (!m_actions[i]->isEnabled() || !holdsAll(line, wanted)) continue;
        auto* item = new QListWidgetItem(line, m_list);
        item->setData(Qt::UserRole, static_cast<int>(i));
    }
    m_list->setCurrentRow(0);
}

/// The action may delete the window that the palette belongs to, so the palette goes first.
void CommandPalette::doChosen() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item) return;
    const QPointer<QAction> action = m_actions[static_cast<std::size_t>(item->data(Qt::UserRole).toInt())];
    close();
    if (action) action->trigger();
}

/// What moves through the list works while the words have the focus.
bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp || key == Qt::Key_PageDown) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

}  // namespace lab
