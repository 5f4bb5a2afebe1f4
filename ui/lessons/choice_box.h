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
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void nextCheckState() override { setChecked(true); }  ///< pressed again it stays
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
    void choose(AnswerCard* chosen);

    const Prediction m_prediction;
    const LessonStepTexts m_texts;
    std::vector<AnswerCard*> m_cards;
    bool m_revealed = false;
};

}  // namespace lab
