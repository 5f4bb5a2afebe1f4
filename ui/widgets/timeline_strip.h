#pragma once

#include <QPolygonF>
#include <QString>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

class QLineEdit;
class QTimer;

namespace lab {

/// A training in one line: the loss (logarithmic), validations, the steps that are kept, and the step that is shown.
class TimelineStrip : public QWidget {
    Q_OBJECT

public:
    /// A step under a name.
    struct Pin {
        std::int64_t step = 0;
        QString name;
        bool operator==(const Pin&) const = default;
    };

    explicit TimelineStrip(QWidget* parent = nullptr);

    /// Forgets everything; steps from `firstStep` to `lastStep` are going to come.
    void clear(std::int64_t firstStep, std::int64_t lastStep);
    /// Ascending steps.
    void addLoss(std::int64_t step, double loss);
    void addValidation(std::int64_t step, double loss);
    void setKeptSteps(std::vector<std::int64_t> steps);
    void setPins(std::vector<Pin> pins);
    /// The step of the lowest validation loss.
    void setBest(std::optional<std::int64_t> step);
    /// Where the loss falls fastest, and what to say about it.
    void setFall(std::optional<std::int64_t> step, const QString& meaning = {});
    std::optional<std::int64_t> fall() const { return m_fall; }
    /// `newest` is how far the training came.
    void setShown(std::int64_t shown, std::int64_t newest);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// Where a step lies, in widget px.
    double xOf(std::int64_t step) const;
    /// The pins that bear a flag: where several would collide one stands for all, the shown one before others.
    std::vector<std::int64_t> flags() const;
    /// The ends of the loss axis and where they lie, in widget px; nothing without a loss.
    std::vector<std::pair<double, double>> lossMarks() const;

    /// Lets the person type a name for this step's pin, if it has one.
    void editName(std::int64_t step);

    /// Shows what another one shows.
    void copy(const TimelineStrip& other);

signals:
    /// The person wants to see this step.
    void stepRequested(qint64 step);
    /// The person gave a pin this name; empty: it shall go.
    void pinNamed(qint64 step, const QString& name);
    /// The person wants a pin, to be named, at the step shown last.
    void pinWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// The mean of log(loss) over neighbouring steps; the curve never has more than some 2 000 of them.
    struct Bucket {
        std::int64_t step = 0;  ///< the first one
        double sum = 0;
        int count = 0;
    };

    void updateSoon();
    void halveBuckets();
    QRectF screen() const;
    std::int64_t lastVisibleStep() const;
    std::int64_t stepAt(double x) const;
    double yOf(double loss) const;
    double bottomOfAxis() const;
    void moveBy(int keptSteps);
    const Pin* pinAt(const QPointF& place) const;
    void namePin(const Pin& pin);
    QString pinsAround(const Pin& pin) const;
    QString toolTipAt(const QPointF& place) const;
    QPolygonF curve() const;
    void paintCurve(QPainter& painter) const;
    void paintKept(QPainter& painter) const;
    void paintPins(QPainter& painter) const;
    void paintBest(QPainter& painter) const;
    void paintFall(QPainter& painter) const;
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
    std::vector<Pin> m_pins;
    std::optional<std::int64_t> m_best;
    std::optional<std::int64_t> m_fall;
    QString m_fallMeaning;
    QTimer* m_soon;
    QLineEdit* m_name;  ///< over the strip while a pin is named
    std::int64_t m_named = 0;
    std::int64_t m_first = 0;
    std::int64_t m_last = 1;
    std::int64_t m_newest = 0;
    std::int64_t m_shown = 0;
    double m_lowest = 0;  ///< of the loss so far
    double m_highest = 0;
    bool m_dragging = false;
};

}  // namespace lab
