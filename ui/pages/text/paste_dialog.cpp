#include "ui/pages/text/paste_dialog.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int dialogWidth = 520, dialogHeight = 360, dialogMargin = 16;  // logical px at 100 %

}  // namespace

PasteDialog::PasteDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Paste text"));
    auto* layout = new QVBoxLayout(this);
    auto* help = new ThemedLabel(tr("Documents are parted by a blank line."), TextSize::text, Role::muted);
    m_text = named("text.paste.text", new QPlainTextEdit);
    m_text->setAccessibleName(tr("Text"));
    m_text->setTabChangesFocus(true);
    auto* row = new QHBoxLayout;
    auto* leave = named("text.paste.cancel", new Button(tr("Cancel")));
    m_take = named("text.paste.add", new Button(tr("Add")));
    m_take->setDefault(true);
    m_take->setEnabled(false);
    row->addStretch(1);
    row->addWidget(leave);
    row->addWidget(m_take);
    layout->addWidget(help);
    layout->addWidget(m_text, 1);
    layout->addLayout(row);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] { m_take->setEnabled(!text().trimmed().isEmpty()); });
    connect(leave, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_take, &QPushButton::clicked, this, &QDialog::accept);
    followTheme(this, &PasteDialog::applyMeasures);
}

void PasteDialog::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(dialogMargin);
    layout()->setContentsMargins(side, side, side, side);
    resize(theme.px(dialogWidth), theme.px(dialogHeight));
}

QString PasteDialog::text() const {
    return m_text->toPlainText();
}

}  // namespace lab
