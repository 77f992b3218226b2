// verify_chain: parses what the peer sent and lets PathBuilder search.
#include "pki/verify.hpp"

#include "pki/path_builder.hpp"
#include "pki/presented.hpp"

namespace handfast::pki {

Result<std::vector<ByteString>> verify_chain(const VerifyInput& input) {
  if (input.chain.empty()) return failure(ErrorCode::certificate_list_empty);
  if (input.chain.size() > kMaxPresentedCertificates) {
    return failure(Error(ErrorCode::certificate_chain_too_long)
                       .with_detail(std::to_string(input.chain.size()) + " certificates"));
  }
  PresentedList list = parse_presented(input.chain, input.anchors, true);
  const auto& unreadable = list.unreadable;
  if (!unreadable.empty() && unreadable.front().certificate_depth() == 0U) return failure(unreadable.front());
  PathBuilder builder(input, list.readable);
  Result<void> built = builder.build();
  if (!built) return failure(failure_of(list, std::move(built).error()));
  std::vector<ByteString> path;
  path.reserve(builder.path().size());
  for (std::size_t i = 0; i < builder.path().size(); ++i)
    path.push_back(copy_of(builder.path()[i].certificate->der));
  return path;
}

}  // namespace handfast::pki
