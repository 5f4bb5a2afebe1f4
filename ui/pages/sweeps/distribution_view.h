#pragma once

#include <QWidget>
#include <optional>

#include "core/sweep/row_statistics.h"
#include "ui/pages/sweeps/result_text.h"
#include "ui/widgets/plot/plot_field.h"

namespace lab {

/// What a distribution shows.
struct DistributionScene {
    std::vector<RowGroup> groups;
    QString keyName;  ///< empty: all rows together
    ResultNumber number;
    PlotAxis axis;  ///< in shown units

    bool empty() const { return groups.empty(); }
    /// "kv: 6 runs, mean 93.12, median 94.00, ..."
    QString describe(std::size_t group) const;
};

/// Chooses the axis: round ends, and decades where losses span them.
void fitAxis(DistributionScene& scene);

/// A dot of a run, where it lies in the picture.
struct DistributionDot {
    std::size_t group = 0;
    std::size_t index = 0;  ///< in the group's numbers
    QPointF at;
};

struct DistributionLayout {
    QRectF plot;
    double rowHeight = 0;
    double radius = 0;
    std::vector<DistributionDot> dots;
};
DistributionLayout distributionLayout(const DistributionScene& scene, const QRectF& rect);
void paintDistribution(QPainter& painter, const DistributionScene& scene, const DistributionLayout& layout);

/// The runs of each value of a key as dots along a number, each one seen, so that two heaps look like two; with the mean, the median and
/// the middle half. A click, or the arrows, choose a run; Enter or a double click opens it.
class DistributionView : public QWidget {
    Q_OBJECT

public:
    explicit DistributionView(QWidget* parent = nullptr);

    void setScene(DistributionScene scene);
    /// What stands there while there is nothing to draw.
    void setEmptyText(const QString& text) { m_emptyText = text; }
    const DistributionScene& scene() const { return m_scene; }
    const DistributionLayout& layoutOfDots() const { return m_layout; }
    /// The row that is marked; without a signal.
    void setChosen(std::optional<std::size_t> place);

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override { return minimumSizeHint(); }

signals:
    void rowChosen(std::size_t place);
    void rowOpened(std::size_t place);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();
    void announce();
    std::optional<DistributionDot> dotAt(const QPointF& position) const;
    std::optional<DistributionDot> chosenDot() const;
    QString describeDot(const DistributionDot& dot) const;
    void choose(std::size_t group, std::size_t index);

    DistributionScene m_scene;
    QString m_emptyText;
    DistributionLayout m_layout;
    std::optional<std::size_t> m_chosen;
};

}  // namespace lab
