#pragma once

#include <QAbstractSlider>
#include <QStringList>
#include <optional>
#include <vector>

#include "core/explain/score_throw.h"
#include "core/training/history.h"
#include "ui/runs/latest_task.h"

namespace lab {

/// The way of a score's fader as an axis: which answer the model gives where, or how the numbers it answers bend along it, and the value it
/// has. Moving the cap sets the score.
class AnswerThrow : public QAbstractSlider {
    Q_OBJECT

public:
    explicit AnswerThrow(QWidget* parent = nullptr);

    struct Shown {
        explain::ScoreThrow scores;
        double value = 0.0;
        QString name;            ///< of the score
        QStringList answers;     ///< as people read them
        bool ofNumbers = false;  ///< the model answers numbers
    };
    /// The answers are computed beside the window.
    void show(std::shared_ptr<const Model> model, const CheckpointPtr& checkpoint, Shown shown);
    const std::vector<explain::ThrowStretch>& stretches() const { return m_stretches; }
    const std::vector<explain::ThrowAnswer>& numbers() const { return m_numbers; }
    bool busy() const { return m_task.busy(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void moved(double value, bool goesOn);  ///< `goesOn`: the same drag as the last one
    void found();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void sliderChange(SliderChange change) override;

private:
    QRectF axis() const;
    double xOf(double value) const;
    void chooseAt(double x);
    QString title() const;
    void describe();
    void paintStretches(QPainter& painter) const;
    void paintNumbers(QPainter& painter) const;
    void paintCap(QPainter& painter) const;
    bool isComputed() const;
    void compute();
    QString answerText(int answer) const;

    Shown m_shown;
    std::shared_ptr<const Model> m_model;
    CheckpointPtr m_checkpoint, m_computedAt;
    explain::ScoreThrow m_computed;  ///< the question that was asked last
    std::vector<explain::ThrowStretch> m_stretches;
    std::vector<explain::ThrowAnswer> m_numbers;
    bool m_setting = false, m_dragging = false, m_goesOn = false;
    LatestTask m_task{Worker::Priority::givesWay};
};

}  // namespace lab
