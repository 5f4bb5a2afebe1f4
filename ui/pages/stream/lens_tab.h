#pragma once

#include "ui/pages/page_tab.h"

namespace lab {

/// What every state of the residual stream already says, and what a logit is made of.
class LensTab : public PageTab {
    Q_OBJECT

public:
    explicit LensTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    void refresh() override {}
    bool showsWeights() const override { return true; }
};

}  // namespace lab
