#pragma once

#include "ui/pages/text/text_tab.h"

namespace lab {

class EmptyState;

/// The documents that the run is trained on.
class CorpusTab : public TextTab {
    Q_OBJECT

public:
    explicit CorpusTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    void refresh() override;

private:
    EmptyState* m_absence;
};

}  // namespace lab
