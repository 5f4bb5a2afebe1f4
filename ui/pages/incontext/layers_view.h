#pragma once

#include <QWidget>

#include "ui/pages/incontext/regression_scene.h"

namespace lab {

class Plot;
class WrappedText;

/// The loss against layers, with gradient steps on the same axis: the open runs on this task, each at its number of layers.
class LayersView : public QWidget {
    Q_OBJECT

public:
    explicit LayersView(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    Plot& plot() const { return *m_plot; }
    QString sentence() const;

private:
    QString wordsOf(const RegressionScene& scene, const std::vector<LayerPoint>& runs) const;

    Plot* m_plot;
    WrappedText* m_sentence;
};

}  // namespace lab
