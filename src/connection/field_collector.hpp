// FieldCollector: the fields of a message, for an Observer. Only made when there is one.
#pragma once

#include <handfast/observer.hpp>
#include <vector>

namespace handfast::connection {

class FieldCollector final : public FieldSink {
 public:
  void on_field(const Field& field) override { fields.push_back(field); }
  std::vector<Field> fields;
};

}  // namespace handfast::connection
