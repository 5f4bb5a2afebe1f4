#pragma once

#include <QWidget>

#include "ui/pages/incontext/regression_scene.h"

namespace lab {

class Plot;
class SimilarityHistory;
class WrappedText;

/// The model against gradient steps during the training: cosine and distance of the sensitivities, and the difference of the answers. A
/// click, or Left and Right, go to a step.
class TrainingView : public QWidget {
    Q_OBJECT

public:
    explicit TrainingView(SimilarityHistory& history, QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    Plot& plot() const { return *m_plot; }

signals:
    void stepWanted(std::int64_t step);

private:
    SimilarityHistory& m_history;
    Plot* m_plot;
    WrappedText* m_sentence;
};

}  // namespace lab
