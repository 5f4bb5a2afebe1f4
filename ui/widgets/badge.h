#pragma once

#include <QWidget>

namespace lab {

/// A small label for a head's kind.
class Badge : public QWidget {
    Q_OBJECT

public:
    enum class Kind {
        needed,   ///< inverted: the pattern this task needs
        other,    ///< outlined: another pattern
        uniform,  ///< dashed and muted
        plain,    ///< muted text only ('mixed')
    };

    explicit Badge(const QString& text = {}, Kind kind = Kind::other, QWidget* parent = nullptr);
    void set(const QString& text, Kind kind);
    QString text() const { return m_text; }

    QSize sizeHint() const override { return sizeOf(m_text); }

    // For views that paint many of them.
    static QSize sizeOf(const QString& text);
    static void paint(QPainter& painter, const QRect& rect, const QString& text, Kind kind);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Kind m_kind;
};

}  // namespace lab
