#pragma once

#include "ui/pages/incontext/regression_scene.h"
#include "ui/widgets/panel.h"

namespace lab {

class Plot;

/// The loss against the number of examples in the prompt: the model's, and those of gradient steps and least squares.
class ExamplesPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit ExamplesPanel(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    Plot& plot() const { return *m_plot; }

private:
    Plot* m_plot;
};

}  // namespace lab
