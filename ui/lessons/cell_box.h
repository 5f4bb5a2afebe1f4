#pragma once

#include "ui/lessons/prediction_box.h"

namespace lab {

class ThemedLabel;

/// A cell of the map is chosen there, by mouse or arrows.
class CellBox : public PredictionBox {
    Q_OBJECT

public:
    explicit CellBox(const PredictionScene& scene);

    std::optional<Revealed> said() const override { return m_said; }
    void say(const Revealed& said) override;
    void reveal(const Revealed& right) override;

private:
    const Prediction m_prediction;
    std::optional<Revealed> m_said;
    bool m_revealed = false;
    ThemedLabel* m_text;
};

}  // namespace lab
