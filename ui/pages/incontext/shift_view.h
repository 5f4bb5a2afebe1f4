#pragma once

#include <QWidget>

#include "ui/pages/incontext/regression_scene.h"

namespace lab {

class LogSlider;
class Plot;
class SegmentedControl;
class WrappedText;
struct PlotSeries;

/// Another distribution than the trained one: x, or w, is multiplied by a, the weights stay. The curve is derived, the marks are measured.
class ShiftView : public QWidget {
    Q_OBJECT

public:
    explicit ShiftView(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    Plot& plot() const { return *m_plot; }
    /// By how much x, or w, is multiplied.
    double scale() const;
    void setScale(double scale);
    bool ofWeights() const;
    void setOfWeights(bool ofWeights);
    QString sentence() const;

signals:
    /// scale() or ofWeights().
    void changed();

private:
    std::vector<PlotSeries> curves() const;
    double eta() const;
    void showCurves();
    void showSentence();

    RegressionScene m_scene;
    SegmentedControl* m_what;
    LogSlider* m_scale;
    Plot* m_plot;
    WrappedText* m_sentence;
};

}  // namespace lab
