#pragma once

#include "ui/pages/text/text_tab.h"

class QLineEdit;

namespace lab {

class TokenChips;

/// How a text is cut into tokens.
class TokensTab : public TextTab {
    Q_OBJECT

public:
    explicit TokensTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override { return {tr("Tokens"), tr("characters")}; }
    void refresh() override;

private:
    QLineEdit* m_text;
    TokenChips* m_chips;
};

}  // namespace lab
