#pragma once

#include <QString>
#include <QWidget>
#include <optional>
#include <utility>
#include <vector>

namespace lab {

/// The weights of one query as bars above their keys, with their sum: what a softmax row is. Numbers with a sign stand above and below
/// zero.
class RowProfile : public QWidget {
    Q_OBJECT

public:
    explicit RowProfile(QWidget* parent = nullptr);

    /// `highlighted` is the key in hand or -1. `sum` comes from whoever knows it exactly; none where a sum says nothing. Infinite values
    /// have no bar.
    void setRow(const std::vector<float>& values, int highlighted, const QString& caption, std::optional<double> sum);
    /// What the bars reach from and to; 0 to 1 unless told.
    void setScale(double low, double high);
    void clear();
    /// Left end and width of a column (device-independent px), to stand exactly beneath a map's columns; of a map that shows a part, also
    /// where that begins and how wide it is.
    void setColumns(double left, double columnWidth, double shownLeft = 0.0, double shownWidth = 0.0);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// What paintEvent draws, for figures.
    void paint(QPainter& painter) const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double barTop(double value) const;
    /// Left and right end of what is shown.
    std::pair<double, double> span() const;
    /// Half-open range of the columns that are seen.
    std::pair<std::size_t, std::size_t> shownColumns() const;
    void paintAxis(QPainter& painter) const;
    void paintBars(QPainter& painter) const;
    bool onBar(const QRectF& place) const;
    void paintNumbers(QPainter& painter) const;

    std::vector<float> m_values;
    int m_highlighted = -1;
    QString m_caption;
    std::optional<double> m_sum;
    double m_low = 0.0, m_high = 1.0;
    double m_shownLeft = 0.0, m_shownWidth = 0.0;
    double m_left = 0.0;
    double m_columnWidth = 0.0;
};

}  // namespace lab
