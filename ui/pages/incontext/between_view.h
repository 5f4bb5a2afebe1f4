#pragma once

#include <QWidget>

#include "ui/pages/incontext/regression_scene.h"

namespace lab {

class Plot;
class WrappedText;

/// Weights on the way from the trained ones to the construction's, and what they cost: a flat line is one solution, a hill are two.
class BetweenView : public QWidget {
    Q_OBJECT

public:
    explicit BetweenView(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    Plot& plot() const { return *m_plot; }
    QString sentence() const;

private:
    Plot* m_plot;
    WrappedText* m_sentence;
};

}  // namespace lab
