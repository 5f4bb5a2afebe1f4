#pragma once

#include <QWidget>
#include <optional>

#include "core/learn/lesson.h"
#include "core/lessons/revealed.h"

namespace lab {

class Focus;

/// Where a person says what will be seen, before it is seen; then shows how far that was from it, on the same picture.
class PredictionBox : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Nothing until it was said.
    virtual std::optional<Revealed> said() const = 0;
    /// Says it in the person's place, who said it before.
    virtual void say(const Revealed& said) = 0;
    /// From here on nothing can be changed.
    virtual void reveal(const Revealed& right) = 0;
    /// The key of an answer: A, B, ... False when it means nothing here.
    virtual bool takeKey(int) { return false; }
    /// Where what is typed belongs; null where nothing is typed.
    virtual QWidget* typedInto() const { return nullptr; }

signals:
    void saidChanged();
};

/// What a prediction is asked in.
struct PredictionScene {
    const Prediction& prediction;
    const LessonStepTexts& texts;
    Focus& focus;           ///< where a cell is chosen
    std::size_t count = 0;  ///< of numbers that are wanted: bars, a curve
};

/// By the prediction's kind.
PredictionBox* makePredictionBox(const PredictionScene& scene);

}  // namespace lab
