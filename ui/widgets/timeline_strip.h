#pragma once

#include <QPolygonF>
#include <QWidget>
#include <cstdint>
#include <vector>

namespace lab {

/// A training in one line: the loss (logarithmic), validations, the steps that are kept, and the step that is shown.
class TimelineStrip : public QWidget {
    Q_OBJECT

public:
    explicit TimelineStrip(QWidget* parent = nullptr);

    /// Forgets everything; steps from `firstStep` to `lastStep` are going to come.
    void clear(std::int64_t firstStep, std::int64_t lastStep);
    /// Ascending steps.
    void addLoss(std::int64_t step, double loss);
    void addValidation(std::int64_t step, double loss);
    void setKeptSteps(std::vector<std::int64_t> steps);
    /// `newest` is how far the training came.
    void setShown(std::int64_t shown, std::int64_t newest);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// Where a step lies, in widget px.
    double xOf(std::int64_t step) const;

signals:
    /// The person wants to see this step.
    void stepRequested(qint64 step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// The mean of log(loss) over neighbouring steps; the curve never has more than some 2 000 of them.
    struct Bucket {
        std::int64_t step = 0;  ///< the first one
        double sum = 0;
        int count = 0;
    };

    void halveBuckets();
    QRectF screen() const;
    std::int64_t lastVisibleStep() const;
    std::int64_t stepAt(double x) const;
    double yOf(double loss) const;
    void moveBy(int keptSteps);
    QPolygonF curve() const;
    void paintCurve(QPainter& painter) const;
    void paintKept(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;
    void paintPlayhead(QPainter& painter) const;

    struct Validation {
        std::int64_t step;
        double loss;
    };
    std::vector<Bucket> m_buckets;
    int m_perBucket = 1;
    std::vector<Validation> m_validations;
    std::vector<std::int64_t> m_kept;
    std::int64_t m_first = 0;
    std::int64_t m_last = 1;
    std::int64_t m_newest = 0;
    std::int64_t m_shown = 0;
    double m_lowest = 0;  ///< of the loss so far
    double m_highest = 0;
    bool m_dragging = false;
};

}  // namespace lab
