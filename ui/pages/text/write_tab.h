#pragma once

#include "ui/pages/text/text_tab.h"

namespace lab {

class EmptyState;

/// What the model writes, token by token.
class WriteTab : public TextTab {
    Q_OBJECT

public:
    explicit WriteTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    void refresh() override;

private:
    EmptyState* m_absence;
};

}  // namespace lab
