#pragma once

#include "ui/pages/incontext/regression_scene.h"
#include "ui/widgets/panel.h"

namespace lab {

class WrappedText;

/// Two sentences that the person can check here: nothing is updated while the model answers; and attention computes its similarities
/// exactly, while gradient descent approaches a fit.
class StatementsPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit StatementsPanel(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    QString nothingUpdated() const;
    QString exactAndFitted() const;

private:
    WrappedText *m_updated, *m_exact;
};

}  // namespace lab
