#include "ui/pages/text/tokens_tab.h"

#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/widgets/named.h"
#include "ui/widgets/token_chips.h"

namespace lab {

TokensTab::TokensTab(Focus& focus, QWidget* parent) : TextTab(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_text = named("text.tokens.text", new QLineEdit(tr("Zoë found the lantern in the garden.")));
    m_text->setAccessibleName(tr("Text"));
    m_chips = named("text.tokens.chips_a", new TokenChips(tr("Tokens")));
    layout->addWidget(m_text);
    layout->addWidget(m_chips, 1);
    connect(m_text, &QLineEdit::textChanged, this, &TokensTab::refresh);
}

void TokensTab::refresh() {
    std::vector<TextChip> chips;
    for (const QChar character : m_text->text()) chips.push_back({.text = character});
    m_chips->setChips(std::move(chips));
}

TextTab* makeTokensTab(Focus& focus, QWidget* parent) {
    return new TokensTab(focus, parent);
}

}  // namespace lab
