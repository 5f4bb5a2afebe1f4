#pragma once

#include <QStringList>
#include <QWidget>

namespace lab {

/// The label column of a bar at the window's bottom, as wide as the page rail: one or two muted lines and a hairline at the right.
class BarLabel : public QWidget {
    Q_OBJECT

public:
    explicit BarLabel(const QStringList& lines, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();

    QStringList m_lines;
};

}  // namespace lab
