#pragma once

#include "ui/lessons/prediction_box.h"

class QListWidget;

namespace lab {

class ThemedLabel;

/// The answers are put into an order, the largest first, by mouse or Alt with Up and Down.
class OrderBox : public PredictionBox {
    Q_OBJECT

public:
    explicit OrderBox(const PredictionScene& scene);

    std::optional<Revealed> said() const override;
    void say(const Revealed& said) override;
    void reveal(const Revealed& right) override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QString wordsOf(const std::string& id) const;
    void touched();

    const Prediction m_prediction;
    const LessonStepTexts m_texts;
    QListWidget* m_list;
    ThemedLabel* m_verdict;
    bool m_touched = false, m_revealed = false;
};

}  // namespace lab
