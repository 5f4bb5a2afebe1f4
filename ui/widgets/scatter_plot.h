#pragma once

#include <QPixmap>
#include <QWidget>
#include <optional>
#include <vector>

#include "ui/widgets/plot/plot_field.h"
#include "ui/widgets/theme.h"

namespace lab {

class HoverCard;

/// Points in a plane: two kinds of them, filled and rings, coloured by a number or by what they are.
struct ScatterScene {
    static constexpr std::size_t kinds = 5;  ///< told apart by colour and shape; the last is all others
    struct Point {
        double x = 0, y = 0;
        bool filled = true;
        double share = 0;          ///< 0 .. 1 of the scale, where points are coloured by a number
        std::size_t kind = 0;      ///< below `kinds`, where they are not
        QString value{}, where{};  ///< of the card beside it
    };
    std::vector<Point> points{};
    QString filledName{}, ringName{};  ///< empty: there are none
    QStringList kindNames{};           ///< of each kind, empty where there is none such; none at all: coloured by a number
    QString scaleName{}, low{}, high{};
    QString xTitle{}, yTitle{};

    bool byNumber() const { return kindNames.isEmpty(); }
    PlotField field(const QRectF& room) const;
    void paint(QPainter& painter, const QRectF& room) const;

private:
    QColor colorOf(const Point& point) const;
    void paintAxes(QPainter& painter, const PlotField& field) const;
    void paintLegend(QPainter& painter, const QRectF& row) const;
    void paintMark(QPainter& painter, const QPointF& at, const Point& point) const;
};

/// The same in a window. The mouse, or Left and Right with the focus, hold a point, whose card stands beside it; a click or Enter asks for
/// it.
class ScatterPlot : public QWidget {
    Q_OBJECT

public:
    explicit ScatterPlot(const QString& name, QWidget* parent = nullptr);

    void setScene(ScatterScene scene);
    const ScatterScene& scene() const { return m_scene; }
    void setEmptyText(const QString& text);
    std::optional<std::size_t> held() const { return m_held; }
    QPointF placeOf(std::size_t point) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void pointWanted(std::size_t point);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void hold(std::optional<std::size_t> point);
    std::optional<std::size_t> nearest(const QPointF& at) const;
    void describe();

    QString m_name, m_empty;
    ScatterScene m_scene;
    std::optional<std::size_t> m_held;
    QPixmap m_still;  ///< null: to be painted
    HoverCard* m_card;
};

}  // namespace lab
