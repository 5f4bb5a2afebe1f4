#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace lab {

/// The weights of one query as bars above their keys, with their sum: what a softmax row is.
class RowProfile : public QWidget {
    Q_OBJECT

public:
    explicit RowProfile(QWidget* parent = nullptr);

    /// `highlighted` is the key in hand or -1. `sum` comes from whoever knows it exactly.
    void setRow(const std::vector<float>& values, int highlighted, const QString& caption, double sum);
    void clear();
    /// Left end and width of a column (device-independent px), to stand exactly beneath a map's columns.
    void setColumns(double left, double columnWidth);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// What paintEvent draws, for figures.
    void paint(QPainter& painter) const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double barTop(double value) const;
    void paintAxis(QPainter& painter) const;
    void paintBars(QPainter& painter) const;
    void paintNumbers(QPainter& painter) const;

    std::vector<float> m_values;
    int m_highlighted = -1;
    QString m_caption;
    double m_sum = 0.0;
    double m_left = 0.0;
    double m_columnWidth = 0.0;
};

}  // namespace lab
