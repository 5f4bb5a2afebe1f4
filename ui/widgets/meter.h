#pragma once

#include <QWidget>
#include <optional>

namespace lab {

/// One number of the transport bar: a muted label above a bold value and a small unit. Its width is that of the widest value, so that
/// nothing moves while numbers change.
class Meter : public QWidget {
    Q_OBJECT

public:
    explicit Meter(const QString& label, QWidget* parent = nullptr);

    void setLabel(const QString& label);
    void setWidest(const QString& value, const QString& unit = {});
    void setValue(const QString& value, const QString& unit = {});
    QString value() const { return m_value; }
    QString label() const { return m_label; }
    /// A thin bar below, 0 .. 1; none by default.
    void setProgress(std::optional<double> progress);
    /// The value in the accent: the person holds it, it does not follow the training.
    void setHeld(bool held);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int widthOf(const QString& value, const QString& unit) const;

    QString m_label;
    QString m_value;
    QString m_unit;
    QString m_widest;
    QString m_widestUnit;
    std::optional<double> m_progress;
    bool m_held = false;
};

}  // namespace lab
