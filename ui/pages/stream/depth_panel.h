#pragma once

#include "ui/pages/stream/lens_scene.h"
#include "ui/pages/stream/lens_study.h"
#include "ui/widgets/panel.h"

namespace lab {

class ElidedLabel;
class Plot;
class WrappedText;

/// One position on its way through the model: the probabilities of the classes that matter, the entropy, and where the answer is decided.
class DepthPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit DepthPanel(QWidget* parent = nullptr);

    /// `place`: the one in hand.
    void show(const LensStudy::Found& found, const LensScene& scene, int place);

signals:
    void placeWanted(int place);

private:
    void moveTo(double layers);

    std::vector<double> m_depths;  ///< of places: layers passed
    Plot* m_plot;
    WrappedText* m_sentence;
    ElidedLabel* m_entropy;
};

}  // namespace lab
