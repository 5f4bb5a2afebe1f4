#pragma once

#include <QAbstractButton>
#include <vector>

#include "ui/lessons/prediction_box.h"

namespace lab {

class ThemedLabel;

/// One of the answers to choose from: its letter, its words, and later why it was right or not.
class AnswerCard : public QAbstractButton {
    Q_OBJECT

public:
    AnswerCard(QChar letter, const std::string& words);

    /// `verdict` as the theme's roles have it; `words` say it.
    void setVerdict(bool right, bool chosen, const std::string& reason);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void restyle();

    std::string m_words, m_reason;
    QChar m_letter;
    ThemedLabel *m_badge, *m_text, *m_verdict;
    std::optional<bool> m_right;
};

class ChoiceBox : public PredictionBox {
    Q_OBJECT

public:
    explicit ChoiceBox(const PredictionScene& scene);

    std::optional<Revealed> said() const override;
    void say(const Revealed& said) override;
    void reveal(const Revealed& right) override;
    bool takeKey(int key) override;

private:
    const Prediction m_prediction;
    const LessonStepTexts m_texts;
    std::vector<AnswerCard*> m_cards;
};

}  // namespace lab
