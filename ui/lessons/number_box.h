#pragma once

#include "ui/lessons/prediction_box.h"

class QLineEdit;

namespace lab {

class ThemedLabel;

/// A number is typed; then how far it was off.
class NumberBox : public PredictionBox {
    Q_OBJECT

public:
    explicit NumberBox(const PredictionScene& scene);

    std::optional<Revealed> said() const override;
    void say(const Revealed& said) override;
    void reveal(const Revealed& right) override;
    QWidget* typedInto() const override;

private:
    static QString verdictOf(bool near, const QString& said, const QString& value, const QString& off);

    const Prediction m_prediction;
    QLineEdit* m_field;
    ThemedLabel* m_verdict;
};

}  // namespace lab
