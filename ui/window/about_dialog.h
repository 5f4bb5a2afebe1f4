#pragma once

#include <QDialog>
#include <QString>

namespace lab {

/// What the program computes with, as lines of "name: value": version, instruction set, threads, processor, Qt.
QString computedWith();

/// Name, version, purpose, and what the numbers are computed with.
class AboutDialog : public QDialog {
    Q_OBJECT

public:
    explicit AboutDialog(QWidget* parent = nullptr);
};

}  // namespace lab
